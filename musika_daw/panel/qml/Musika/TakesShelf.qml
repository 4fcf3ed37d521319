// Finished takes, newest first: heard here, dragged from here into the DAW.
import QtQuick
import QtQuick.Layouts

Surface {
    id: shelf
    implicitHeight: takes.count > 0 ? 104 : 56
    RowLayout {
        anchors.fill: parent
        anchors.margins: Theme.padding
        spacing: Theme.padding
        ColumnLayout {
            Layout.preferredWidth: Math.max(96, title.implicitWidth)
            Layout.fillWidth: false
            Layout.alignment: takes.count > 0 ? Qt.AlignTop : Qt.AlignVCenter
            spacing: 2
            Text { id: title; text: qsTr("takes"); color: Theme.text; font.pixelSize: Theme.large; font.weight: Font.DemiBold }
            Caption { text: takes.count > 0 ? qsTr("drag a stem into your DAW") : ""; wrapMode: Text.Wrap; Layout.fillWidth: true; Layout.maximumWidth: 96 }
        }
        Text {
            visible: takes.count === 0
            text: qsTr("None yet. The red button records one: stems, notes and a project file for your DAW.")
            color: Theme.dim
            font.pixelSize: Theme.normal
            wrapMode: Text.Wrap
            Layout.fillWidth: true
        }
        ListView {
            objectName: "takes"
            visible: takes.count > 0
            Layout.fillWidth: true
            Layout.fillHeight: true
            orientation: ListView.Horizontal
            clip: true
            layer.enabled: GraphicsInfo.api === GraphicsInfo.Software  // which cuts shapes off, too
            spacing: Theme.gap
            model: takes
            delegate: TakeCard { height: ListView.view.height }
        }
    }
}

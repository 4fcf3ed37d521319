// Everything that the book holds, by groups: a control that is added there appears here by itself.
import QtQuick
import QtQuick.Controls.Basic as Basic
import QtQuick.Layouts

Surface {
    FollowFocus { flickable: view }
    ColumnLayout {
        anchors.fill: parent
        anchors.margins: Theme.padding
        Field { id: search; placeholderText: qsTr("find a control"); Layout.preferredWidth: 300; onTextEdited: view.wanted = text.toLowerCase() }
        ListView {
            id: view
            property string wanted
            objectName: "everything"
            Layout.fillWidth: true
            Layout.fillHeight: true
            clip: true
            layer.enabled: GraphicsInfo.api === GraphicsInfo.Software  // which cuts shapes off, too
            model: controls
            Basic.ScrollBar.vertical: Basic.ScrollBar {}
            section.property: "group"
            section.delegate: Text {
                required property string section
                text: section
                topPadding: 14
                bottomPadding: 6
                color: section in stemColours ? stemColours[section] : Theme.accent
                font.pixelSize: Theme.large
                font.weight: Font.DemiBold
            }
            delegate: Item {
                id: row
                required property var item
                readonly property bool meant: !view.wanted || (item.label + " " + item.help).toLowerCase().includes(view.wanted)
                width: view.width
                height: meant ? 38 : 0
                visible: meant
                RowLayout {
                    anchors { left: parent.left; right: parent.right; rightMargin: 16 }
                    height: 34
                    spacing: Theme.padding
                    Text { text: row.item.label; color: Theme.text; font.pixelSize: Theme.normal; elide: Text.ElideRight; Layout.preferredWidth: 200 }
                    ControlEditor { item: row.item; Layout.preferredWidth: 240; Layout.preferredHeight: Theme.control }
                    Text { text: row.item.text; color: Theme.text; font.pixelSize: Theme.small; elide: Text.ElideRight; Layout.preferredWidth: 110 }
                    Caption { text: row.item.help; Layout.fillWidth: true }
                    Button { compact: true; text: qsTr("learn"); Accessible.name: qsTr("learn %1").arg(row.item.label); tip: qsTr("the next MIDI knob you turn moves it"); onClicked: link.send("/musika/midi/learn", [row.item.address]) }
                }
            }
        }
    }
}

// A menu of texts: the choices of a control, or a list of names.
import QtQuick
import QtQuick.Controls.Basic as Basic
import QtQuick.Layouts

Basic.ComboBox {
    id: choice
    objectName: item ? "choice " + item.name : ""
    property var item
    property string tip: item ? item.help : ""
    property string empty: qsTr("none")

    implicitHeight: Theme.control
    font.pixelSize: Theme.normal
    model: item ? item.choices : []
    currentIndex: item ? model.indexOf(item.value) : -1
    displayText: count === 0 ? empty : currentIndex >= 0 ? currentText : item && item.value ? "" + item.value : "–"
    Accessible.name: item ? item.label : tip
    onActivated: index => { if (item) item.move(textAt(index)); }
    background: Rectangle {
        radius: 6
        color: Theme.raised
        border.width: choice.visualFocus ? 2 : 0
        border.color: Theme.text
    }
    Keys.onMenuPressed: ControlMenu.open(choice, item)
    TapHandler { acceptedButtons: Qt.RightButton; onTapped: ControlMenu.open(choice, choice.item) }
    Tip { text: choice.tip; shown: choice.hovered && !choice.popup.visible }
    leftPadding: 10
    rightPadding: 22
    indicator: Icon {
        x: choice.width - width - 4
        anchors.verticalCenter: parent.verticalCenter
        path: Icons.down
        filled: false
        tint: Theme.dim
    }
    contentItem: Text {
        text: choice.displayText
        font: choice.font
        color: Theme.text
        verticalAlignment: Text.AlignVCenter
        elide: Text.ElideRight
    }
    delegate: Basic.ItemDelegate {
        id: entry
        required property var modelData
        required property int index
        width: choice.width
        highlighted: choice.highlightedIndex === index
        contentItem: Text {
            text: entry.modelData
            color: Theme.text
            font.pixelSize: Theme.normal
            elide: Text.ElideRight
        }
        background: Rectangle { color: entry.highlighted ? Theme.line : "transparent" }
    }
    popup.background: Rectangle {
        color: Theme.raised
        radius: 6
        border.color: Theme.line
    }
}
